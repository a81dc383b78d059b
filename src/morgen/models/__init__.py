"""How effects are calculated: the model contract, its registry, and one folder per model."""
