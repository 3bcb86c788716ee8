package collections

import (
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// What tests look at from outside.
var (
	WithoutFields = withoutFields
	RedactChange  = redactChange
	SearchWords   = searchWords
	FindsAll      = findsAll
	IsTypeName    = isTypeName
	Pointer       = pointer
	PointerPath   = pointerPath
	WithoutSight  = withoutSight
	Say           = say
)

// GrantOf is what rules make of an actor at a time in ms since 1970 UTC.
func GrantOf(a Actor, typ string, r *Rules, now int64) *Grant { return grantOf(a, typ, r, now) }

// MayWriteField is what writes ask a grant.
func (g *Grant) MayWriteField(key string) bool { return g.mayWriteField(key) }

// TypeItem is the item that keeps a published version.
func TypeItem(name string, version int, at int64, text string) (Item, error) {
	return itemOfType(&Type{Name: name, Version: version, Published: at, By: "dana"}, []byte(text))
}

// RecordOf makes the record that the engine would keep of a document.
func RecordOf(key Key, doc *crdt.Document, s *schema.Schema, version int) Record {
	value, meta := doc.Encode()
	problems := problemsOf(&Type{Schema: s}, doc)
	return Record{
		Key: key, Version: version, Value: value, Meta: meta,
		Deleted: doc.Deleted(), Problems: problems, Attention: needsAttention(problems, doc.Disagreements()),
		Words: searchWords(doc.Value()),
	}
}

// LeaveRevalidationUndone marks a type as the crash of a server in the middle of a look
// through its documents would.
func (e *Engine) LeaveRevalidationUndone(name string) Item {
	return Item{Kind: kindRevalidation, Key: name, Data: []byte("{}")}
}

// ResumeRevalidation is what Open does about it.
var ResumeRevalidation = (*Engine).resumeRevalidation
