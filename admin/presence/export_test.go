package presence

// Places counts the places that the hub keeps.
func (h *Hub) Places() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.places)
}
