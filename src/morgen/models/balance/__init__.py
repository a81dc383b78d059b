"""What a programme of dwellings needs, what is there, and what is short."""
