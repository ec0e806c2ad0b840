"""Time-to-event data of patients: estimates, tests and likelihoods. Arrays in, arrays out."""
