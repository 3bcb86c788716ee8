package crdt

// Rename gives the change as replica to made it instead: its own elements, and all
// mentions of elements that own reports to be the renamed ones, get the new name.
// It is for a device that found its replica id in use by somebody else.
func (c *Change) Rename(to Replica, own func(Dot) bool) *Change { panic("todo") }
