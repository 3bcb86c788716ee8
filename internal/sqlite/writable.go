package sqlite

// Writable says why nothing may be written any more, until the store is opened again; nil
// when it may. A full disk is no such reason. While a transaction is under way it waits
// for nothing: whether that will fail is not known yet.
func (s *Store) Writable() error {
	if !s.writer.mu.TryLock() {
		return nil
	}
	defer s.writer.mu.Unlock()
	return s.writer.failed
}
