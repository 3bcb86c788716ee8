package collections

import (
	"slices"

	"github.com/fieldstack/fieldstack/schema"
)

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

// Says is the role's name within a sentence.
func (r Role) Says() schema.Sentence {
	switch r {
	case Owner:
		return schema.Says("owner")
	case Designer:
		return schema.Says("designer")
	case Editor:
		return schema.Says("editor")
	case Worker:
		return schema.Says("worker")
	}
	return schema.Verbatim(string(r))
}
