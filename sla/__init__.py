"""Promises and their clocks: plans, calendars, contracts, and the pure core that reckons deadlines."""
