package text

// randomEdits gives n edits of one character at random places of a text with so many code
// points: two insertions to one deletion. They are those that random.mjs gives.
func randomEdits(length, n int, seed uint32) []Patch {
	state := seed
	edits := make([]Patch, n)
	for i := range edits {
		state = state*1664525 + 1013904223 // linear congruential, constants of Numerical Recipes
		at := int(uint64(state) * uint64(length) >> 32)
		if i%3 == 2 {
			edits[i] = Patch{At: at, Deleted: 1}
			length--
		} else {
			edits[i] = Patch{At: at, Inserted: "x"}
			length++
		}
	}
	return edits
}
