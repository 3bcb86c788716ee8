package collections

import "slices"

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

// Roles lists the roles, the one that may most first. The caller owns the result.
func Roles() []Role { return []Role{Owner, Designer, Editor, Worker} }

// Includes reports whether r may do what other may. A role that is none of the four
// includes nothing and is included in nothing.
func (r Role) Includes(other Role) bool {
	mine, theirs := slices.Index(Roles(), r), slices.Index(Roles(), other)
	return mine >= 0 && theirs >= 0 && mine <= theirs
}
