package collections

import (
	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// isEngineRule reports whether a problem was found by the engine, not by the schema.
func isEngineRule(rule string) bool { return rule == ruleUnique || rule == ruleReference }

// problemsOf lists what the type finds wrong with a document by itself. What other
// documents make wrong with it is added by who knows them.
func problemsOf(t *Type, doc *crdt.Document) []schema.Problem {
	return t.Schema.Validate(doc.Value())
}

// needsAttention reports whether somebody should look at a document: it breaks its
// type, or people left two values where there can be one.
func needsAttention(problems []schema.Problem, disagreements []crdt.Disagreement) bool {
	return len(problems) > 0 || len(disagreements) > 0
}
