"""Whether a programme fits in a wijk: the plan, its reasons, its ways out, and a checker that trusts neither."""
