"""What a municipality can do within its budget: candidate sites, a search, and the proof of what it found."""
