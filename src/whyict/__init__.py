"""Why ICT? as a living report: one survey wave in, a book of figures and tested claims out."""

__version__ = "1.0.0"
