package collections

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fieldstack/fieldstack/crdt"
	"github.com/fieldstack/fieldstack/schema"
)

// Impact is what publishing a draft would find wrong with the records that are there.
// Records in the trash do not count.
type Impact struct {
	Comparison *schema.Comparison // to the latest version; no changes for a new type
	Total      int                // records there are
	Checked    int                // of these, looked at
	Complete   bool               // all were looked at
	Broken     int                // would break the draft's rules
	New        int                // of these, are good by those of today
	Mended     int                // break today's rules and would not break the draft's
	Rules      []BrokenRule       // what is broken, the most often broken first; at most 20
	Examples   []BrokenRecord     // of New; at most 5
}

// BrokenRule is one rule of one field, with how many records would break it.
type BrokenRule struct {
	Path    []string // of the field; "*" for a row
	Field   string   // its label
	Rule    string
	Records int
	New     int             // of these, do not break it today
	Message schema.Sentence // as it is said of one record
}

// BrokenRecord is a record that would need attention.
type BrokenRecord struct {
	Document *Document
	Problems []schema.Problem // what the draft finds wrong with it
}

// How much of an impact is told.
const (
	impactRules    = 20
	impactExamples = 5
	impactPage     = 500     // records read at a time
	impactValues   = 500_000 // different values remembered of fields that become unique
)

// Impact looks through a type's records for what its draft would find wrong with them,
// and changes nothing; progress may be nil. Where ctx runs out of time it gives what it
// has found by then, and Complete is false. Only a designer may ask, from whom no rule hides
// anything.
func (e *Engine) Impact(ctx context.Context, a Actor, name string, progress func(done, total int)) (*Impact, error) {
	if err := a.mayDesign(); err != nil {
		return nil, err
	}
	p, err := e.prepare(ctx, name)
	if err != nil {
		return nil, err
	}
	if len(p.history) == 0 {
		return &Impact{Comparison: p.comparison, Complete: true}, nil
	}
	g, err := e.grant(a, name)
	if err != nil {
		return nil, err
	}
	look := &impactLook{e: e, grant: g, now: p.history[len(p.history)-1], next: p.next,
		impact: &Impact{Comparison: p.comparison}, rules: map[string]*BrokenRule{}}
	look.becomeUnique()
	if progress == nil {
		progress = func(int, int) {}
	}
	return look.run(ctx, progress)
}

// impactLook is one look through the records of a type.
type impactLook struct {
	e      *Engine
	grant  *Grant
	now    *Type
	next   *schema.Schema
	impact *Impact
	rules  map[string]*BrokenRule
	unique []uniqueLook
}

// uniqueLook remembers the values of a field that the draft makes unique.
type uniqueLook struct {
	field  schema.Field
	values map[string]bool
}

func (l *impactLook) becomeUnique() {
	for _, f := range l.next.Fields() {
		if was, ok := l.now.Schema.Field(f.Path); f.Unique && !(ok && was.Unique) {
			l.unique = append(l.unique, uniqueLook{f, map[string]bool{}})
		}
	}
}

func (l *impactLook) run(ctx context.Context, progress func(done, total int)) (*Impact, error) {
	total, err := l.e.store.Count(ctx, &Query{Type: l.now.Name, State: Live, Limit: 1})
	if err == nil {
		l.impact.Total = total
		err = l.pages(ctx, progress)
	}
	switch {
	case err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
	case err != nil:
		return nil, fmt.Errorf("collections: look through %s: %w", l.now.Name, err)
	default:
		l.impact.Complete = true
		l.impact.Total = l.impact.Checked
	}
	l.impact.Rules = l.mostBroken()
	return l.impact, nil
}

func (l *impactLook) pages(ctx context.Context, progress func(done, total int)) error {
	q := &Query{Type: l.now.Name, State: Live, Limit: impactPage}
	for {
		page, err := l.e.store.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, record := range page {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := l.record(record); err != nil {
				return err
			}
		}
		progress(l.impact.Checked, max(l.impact.Checked, l.impact.Total))
		if len(page) < impactPage {
			return nil
		}
		q.After = &PageKey{ID: page[len(page)-1].ID}
	}
}

// record looks at one record.
func (l *impactLook) record(record *Record) error {
	value, err := valueOf(record)
	if err != nil {
		return err
	}
	l.impact.Checked++
	problems := append(l.next.Validate(value), l.twice(value)...)
	today := slices.DeleteFunc(slices.Clone(record.Problems), func(p schema.Problem) bool { return isEngineRule(p.Rule) })
	if record.Version != l.now.Version {
		today = l.now.Schema.Validate(value)
	}
	if len(problems) == 0 {
		if len(today) > 0 {
			l.impact.Mended++
		}
		return nil
	}
	l.impact.Broken++
	fresh := false
	counted := map[string]bool{}
	for _, p := range problems {
		isNew := !hasProblem(today, p.Rule, p.Path)
		fresh = fresh || isNew
		l.count(p, isNew, counted)
	}
	if !fresh {
		return nil
	}
	l.impact.New++
	return l.example(record, problems)
}

// twice finds the fields that are to be unique whose value a record before had.
func (l *impactLook) twice(value map[string]any) []schema.Problem {
	var problems []schema.Problem
	for _, u := range l.unique {
		v, ok := uniqueValue(true, value, u.field.Path)
		if !ok {
			continue
		}
		key := crdt.Canonical(v)
		switch {
		case u.values[key]:
			problems = append(problems, uniqueProblem(u.field, v))
		case len(u.values) < impactValues:
			u.values[key] = true
		}
	}
	return problems
}

// count counts a problem once for its record, by field and rule.
func (l *impactLook) count(p schema.Problem, isNew bool, counted map[string]bool) {
	path := pointerPath(p.Path)
	if f, ok := l.next.Field(path); ok {
		path = f.Path
	}
	key := strings.Join(path, "\x00") + "\x00" + p.Rule
	rule := l.rules[key]
	if rule == nil {
		rule = &BrokenRule{Path: path, Field: p.Field, Rule: p.Rule, Message: p.Message}
		l.rules[key] = rule
	}
	if !counted[key] {
		counted[key] = true
		rule.Records++
		if isNew {
			rule.New++
		}
	}
}

// example keeps a record, as the asker sees it, to show what would be wrong.
func (l *impactLook) example(record *Record, problems []schema.Problem) error {
	if len(l.impact.Examples) == impactExamples {
		return nil
	}
	d, err := l.e.documentOf(record, l.grant)
	if err != nil || d == nil {
		return err
	}
	l.impact.Examples = append(l.impact.Examples, BrokenRecord{d, problems})
	return nil
}

// mostBroken gives the rules that are broken most often first.
func (l *impactLook) mostBroken() []BrokenRule {
	var list []BrokenRule
	for _, rule := range l.rules {
		list = append(list, *rule)
	}
	slices.SortFunc(list, func(a, b BrokenRule) int {
		if a.Records != b.Records {
			return b.Records - a.Records
		}
		return strings.Compare(strings.Join(append(a.Path, a.Rule), "\x00"), strings.Join(append(b.Path, b.Rule), "\x00"))
	})
	return list[:min(len(list), impactRules)]
}
