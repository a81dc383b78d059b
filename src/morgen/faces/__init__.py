"""How it looks: the command line and the printed report. A face never calculates."""
