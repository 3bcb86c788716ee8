package collections

// feed knows the head of the log and wakes those who wait for it to move.
type feed struct{}
