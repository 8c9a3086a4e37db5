"""The demo: two desks with sixty days of invented life, made through the services with time passed in.

What people say stands in `conversations/`, who they are in `desks/`, both as data. From that a plot is drawn
up front (`plot`, `queue`: acts with instants, reproducible from a seed and `now`), then played in order of
time over both desks (`play`), the sweep running between the acts as it does in life.
"""
