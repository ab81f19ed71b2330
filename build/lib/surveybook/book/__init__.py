"""The book: chapters executed, pages built, editions of all waves as one site."""
