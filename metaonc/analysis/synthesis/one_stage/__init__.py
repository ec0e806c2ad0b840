"""One model of the patients of all trials: common and random treatment effects, frailty, Poisson, interaction."""
