package collections

// Role is what an account may do in general.
type Role string

// The roles, each with all that the later ones may: an owner also manages accounts
// and servers, a designer types and rules, an editor sees the trash and needs
// attention and exports; a worker does what the type's rules allow.
const (
	Owner    Role = "owner"
	Designer Role = "designer"
	Editor   Role = "editor"
	Worker   Role = "worker"
)

// Includes reports whether r may do what other may.
func (r Role) Includes(other Role) bool { panic("todo") }
