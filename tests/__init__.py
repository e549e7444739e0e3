"""Tests of the site, its predictor, its structure and its running processes."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
