"""Icons, fonts, examples and data that come with the application."""
