package schema

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Note is one thing Import changed or took for granted, in a sentence.
type Note struct {
	Path    string // JSON Pointer into the schema that was read
	Message Sentence
}

// Import reads a JSON Schema of any draft from 4 on (by its $schema, else guessed),
// brings it up to 2020-12 and parses that. Notes say what was changed; they come with
// an error too, because they help to understand it.
//
// What other drafts say in other words is said in those of 2020-12 and means the
// same. Words that JSON Schema does not know, formats that not every device checks
// and patterns that not every device can run are left out, each with a note; a
// misspelt word that would have checked something is an error.
func Import(text []byte) (*Schema, []Note, error) {
	text, rounded := roundNumbers(text)
	doc, order, err := readText(text)
	if err != nil {
		return nil, nil, err
	}
	root, ok := orderedOf(doc, order, "").(*object)
	if !ok {
		_, err := readNodes(doc, order)
		return nil, nil, err
	}
	im := &importer{root: root, draft: draftOf(root), moved: map[string]string{}, ids: map[string]string{}, groups: map[string]*group{}}
	if im.draft < 4 {
		return nil, nil, &SchemaError{Path: "/$schema", Message: Says("The schema is written in a draft before 4, of 2013."), Fix: Says("Bring it up to draft 4 or later first.")}
	}
	if rounded > 0 {
		im.note("", Says("Numbers here are exact up to %s, so larger ones were written as that (at %s places).", fmt.Sprint(exact), strconv.Itoa(rounded)))
	}
	im.out = newObject()
	im.schema(root, im.out, "", "", "")
	im.finishRefs()
	if len(im.errs) > 0 {
		return nil, im.allNotes(), inOne(im.errs)
	}
	s, err := im.parse()
	return s, im.allNotes(), err
}

// parse parses what came of the import, as the schema of an object where it can be
// one among other things.
func (im *importer) parse() (*Schema, error) {
	s, err := Parse(appendOrdered(nil, im.out))
	var top *topError
	if !errors.As(err, &top) || !slices.Contains(top.types, "object") {
		return s, err
	}
	im.note("", Says("A record is an object, so what else the schema allows (%s) was left out.", describeTypes(slices.DeleteFunc(slices.Clone(top.types), isObject))))
	im.out.set("type", "object")
	return Parse(appendOrdered(nil, im.out))
}

func isObject(t string) bool { return t == "object" }

// draftOf says which draft a schema is written in: 4, 6, 7, 2019 or 2020; 3 for any
// older. Without a $schema, words tell; most schemas of no draft are of draft 7.
func draftOf(root *object) int {
	if name, ok := root.values["$schema"].(string); ok {
		for part, draft := range map[string]int{
			"draft/2020-12/": 2020, "draft/2019-09/": 2019, "draft-07/": 7, "draft-06/": 6,
			"draft-05/": 4, "draft-04/": 4, "draft-03/": 3, "draft-02/": 3, "draft-01/": 3,
		} {
			if strings.Contains(name, part) {
				return draft
			}
		}
	}
	for _, word := range []string{"$defs", "prefixItems", "dependentRequired", "dependentSchemas", "unevaluatedProperties"} {
		if root.has(word) {
			return 2020
		}
	}
	if root.has("id") && !root.has("$id") && !root.has("properties") {
		return 4
	}
	return 7
}

// importer brings one schema up to 2020-12.
type importer struct {
	draft  int
	root   *object           // as it was read
	out    *object           // as it will be
	moved  map[string]string // where a schema was, and where it is now
	ids    map[string]string // what a schema is called, with its base, and where it was
	refs   []pendingRef
	notes  []Note
	groups map[string]*group
	errs   []error
}

// pendingRef is a $ref to be led to its place once all places are known.
type pendingRef struct {
	in        *object
	ref, base string
}

// group is one thing that was changed at many places, told once.
type group struct {
	at      string
	message Sentence // whose last %s is for "at 3 places"
	count   int
}

func (im *importer) note(at string, message Sentence) {
	im.notes = append(im.notes, Note{at, message})
}

// noteEach notes a thing that may happen often; text has a last %s, after those for
// args, for how often.
func (im *importer) noteEach(at, text string, args ...any) {
	message := Says(text, append(args, Sentence{})...)
	says := message.String()
	if im.groups[says] == nil {
		im.groups[says] = &group{at: at, message: message}
	}
	im.groups[says].count++
}

func (im *importer) allNotes() []Note {
	notes := im.notes
	for _, message := range sortedKeys(im.groups) {
		g := im.groups[message]
		if g.count > 1 {
			g.message.Args[len(g.message.Args)-1] = Says(" (at %s places)", strconv.Itoa(g.count))
		}
		notes = append(notes, Note{g.at, g.message})
	}
	slices.SortStableFunc(notes, func(a, b Note) int { return strings.Compare(a.Path, b.Path) })
	return notes
}
