"""What users do: gather, check, run, show and stop. The only room with a store, a clock and a user."""
