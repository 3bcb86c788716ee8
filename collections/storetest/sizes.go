package storetest

// Sizes is how much a store holds.
type Sizes struct {
	Records, Entries, Receipts, Replicas, Items int
	Value, Meta                                 int // bytes of all records
}

// Sizes counts what the store holds.
func (s *Store) Sizes() Sizes {
	s.mu.RLock()
	defer s.mu.RUnlock()
	sizes := Sizes{
		Records: len(s.records), Entries: len(s.log), Receipts: len(s.receipts),
		Replicas: len(s.replicas), Items: len(s.items),
	}
	for _, d := range s.records {
		sizes.Value += len(d.Record.Value)
		sizes.Meta += len(d.Record.Meta)
	}
	return sizes
}
