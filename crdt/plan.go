package crdt

// Strategy is how one field merges.
type Strategy string

// The strategies. Serial merges as a register; only the server writes it.
const (
	Register Strategy = "register" // the newer stamp wins; the other stays in history
	Conflict Strategy = "conflict" // concurrent values are all kept until someone picks
	Counter  Strategy = "counter"  // amounts add up
	Max      Strategy = "max"      // the larger stays
	Min      Strategy = "min"      // the smaller stays
	Text     Strategy = "text"     // both texts are kept, each run of typing whole
	Set      Strategy = "set"      // additions stay; a removal removes what its author saw
	List     Strategy = "list"     // rows keep their identity and can move
	Map      Strategy = "map"      // field by field
	Serial   Strategy = "serial"   // the server numbers it
)

// Plan is the strategies of a type as a tree. The root of a type is a Map. Plans
// are read only once made, and safe for concurrent use.
type Plan struct {
	Strategy Strategy
	Fields   map[string]*Plan // Map: the fields known by name
	Rest     *Plan            // Map: every other key; nil means other keys are registers
	Row      *Plan            // List: what a row is; nil means a register
}

// Field is the plan of the field called key: of Fields, else Rest, else a register.
func (p *Plan) Field(key string) *Plan {
	if p != nil && p.Fields[key] != nil {
		return p.Fields[key]
	}
	if p != nil && p.Rest != nil {
		return p.Rest
	}
	return registerPlan
}

var registerPlan = &Plan{Strategy: Register}
