"""The printed answer: tables and map pictures that quote a stored run and compute nothing."""
