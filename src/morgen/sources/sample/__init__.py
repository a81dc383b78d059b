"""The sample: a small fictitious neighbourhood, written in exactly the national file formats."""
