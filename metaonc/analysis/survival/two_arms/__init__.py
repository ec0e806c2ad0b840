"""Two arms of patients compared without proportional hazards: restricted means, milestones, weighted tests."""
