"""All that is shown: charts, tables, cards, and what readers take away of them."""
