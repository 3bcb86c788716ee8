package collections

// What tests look at from outside.
var (
	WithoutFields = withoutFields
	RedactChange  = redactChange
	Pointer       = pointer
	PointerPath   = pointerPath
	WithoutSight  = withoutSight
	Say           = say
)

// GrantOf is what rules make of an actor at a time in ms since 1970 UTC.
func GrantOf(a Actor, typ string, r *Rules, now int64) *Grant { return grantOf(a, typ, r, now) }

// MayWriteField is what writes ask a grant.
func (g *Grant) MayWriteField(key string) bool { return g.mayWriteField(key) }

// CursorAt is the cursor of a place in the log.
func (f *Follower) CursorAt(p Position) string { return f.e.followedAt(p) }
