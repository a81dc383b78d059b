"""Printing documents for machines."""

import json
from typing import Any

import click

__all__ = ["print_json"]


def print_json(document: Any) -> None:
    """Print a JSON document on standard output."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))
