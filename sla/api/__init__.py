"""The API of promises: the clocks of a ticket, and the plans and calendars behind them."""
