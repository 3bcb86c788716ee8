package schema

// Compare gives the change from old to new.
func Compare(old, new *Schema) *Comparison { panic("todo") }

// Comparison is what a new version changes.
type Comparison struct {
	Changes []Difference `json:"changes"`
}

// Difference is one change from one version to the next.
type Difference struct {
	Path    []string `json:"path"`
	Kind    string   `json:"kind"`    // added, removed, renamed, widened, narrowed, required, optional, strategy, type, reordered, described
	Message string   `json:"message"` // a sentence
	Devices string   `json:"devices"` // a sentence: what a device on the old version will feel; "" for nothing
	Refused bool     `json:"refused"` // may not be published: a field's strategy changed, or a removed key came back as something else
}

// Refused lists the differences that forbid publishing.
func (c *Comparison) Refused() []Difference { panic("todo") }

// Returned lists the keys of next that an older version had and a later one had
// dropped, where they come back as something else than they were: a key keeps its
// meaning for ever. history is every published version, oldest first.
func Returned(history []*Schema, next *Schema) []Difference { panic("todo") }
