// The grid of records: going from cell to cell. Everything that it shows works without it.
