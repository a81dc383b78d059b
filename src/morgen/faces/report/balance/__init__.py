"""A balance on paper and on the terminal: it quotes what was calculated, in Dutch or English."""

from morgen.faces.report.balance.files import write_balance
from morgen.faces.report.balance.plain import balance_text

__all__ = ["balance_text", "write_balance"]
