package collections

// registry holds every published version of every type, and the rules, in memory.
type registry struct{}
