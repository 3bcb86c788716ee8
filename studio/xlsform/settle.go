package xlsform

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fieldstack/fieldstack/schema"
	"github.com/fieldstack/fieldstack/studio"
)

// settle works out what questions say about one another, once all are known.
func (r *reader) settle() {
	for _, q := range r.all {
		r.settleWhen(q)
		if q.constraint != "" {
			r.settleConstraint(q)
		}
		if q.message != "" && q.constraint == "" {
			r.note("survey", q.line, "The message for a wrong answer has no rule that it is about, so it is left out.")
		}
	}
}

// settleWhen joins what shows a question with what shows the groups around it.
func (r *reader) settleWhen(q *question) {
	scope := q.in.scope()
	var all []any
	for c := q.in; c != nil && c.repeat == nil; c = c.outer {
		if !c.asked {
			c.asked = true
			c.when = r.condition(c.relevant, c.line, scope, schema.Says("The group is always shown; set when its fields show in the builder."))
		}
		if c.when != nil {
			all = append([]any{c.when}, all...)
		}
	}
	own := r.condition(q.relevant, q.line, scope, schema.Says("The question is always shown; set when it shows in the builder."))
	if own != nil {
		all = append(all, own)
	}
	switch len(all) {
	case 0:
		return
	case 1:
		q.when = all[0]
	default:
		q.when = map[string]any{"all": all}
	}
	q.field.set("x-when", q.when)
}

// condition reads an expression from where it stands; nil, with a note, where it has no
// counterpart.
func (r *reader) condition(text string, line int, scope *question, instead schema.Sentence) any {
	if text == "" {
		return nil
	}
	e, err := parseExpression(text)
	var c any
	if err == nil {
		c, err = condition(e, func(name string) *question {
			if q := r.names[name]; q != nil && q.in.scope() == scope {
				return q
			}
			return nil
		})
	}
	if err == nil {
		var data []byte
		if data, err = json.Marshal(c); err == nil {
			_, err = schema.ParseCondition(data)
		}
	}
	if err != nil {
		r.note("survey", line, "The condition %s is not carried over: %s. %s", text, err, instead)
		return nil
	}
	return c
}

func (r *reader) settleConstraint(q *question) {
	e, err := parseExpression(q.constraint)
	left := []error{err}
	before := len(q.field.keys)
	if err == nil {
		left = q.constrain(e)
	}
	for _, why := range left {
		r.note("survey", q.line, "The rule %s is not carried over whole: %s. Set what is missing in the builder.", q.constraint, why)
	}
	switch {
	case q.message == "":
	case len(q.field.keys) > before:
		q.field.set("x-error", q.message)
	default:
		r.note("survey", q.line, "The message for a wrong answer has no rule that it is about, so it is left out.")
	}
}

// schema writes the form as a JSON Schema.
func (r *reader) schema() ([]byte, error) {
	if len(r.fields) == 0 {
		return nil, noForm("survey", 0, "No question of this form could be carried over.")
	}
	root := &object{}
	root.set("$schema", "https://json-schema.org/draft/2020-12/schema")
	if r.title == "" {
		r.title = "Form"
	}
	root.set("title", r.title)
	root.set("type", "object")
	r.write(root, r.fields)
	text, err := root.MarshalJSON()
	if err != nil {
		return nil, err
	}
	return r.demand(text)
}

// write writes questions as the properties of an object.
func (r *reader) write(to *object, questions []*question) {
	properties, section := &object{}, ""
	var required []string
	for _, q := range questions {
		if q.kind == "repeat" {
			items := &object{}
			items.set("type", "object")
			r.write(items, q.rows)
			q.field.set("type", "array")
			q.field.set("items", items)
		}
		if in := q.in.section(); q.in.scope() == nil && in != section {
			q.field.set("x-section", in)
			section = in
		}
		if isYes(q.required) && q.when == nil {
			required = append(required, q.key)
		}
		properties.set(q.key, q.field)
	}
	if len(required) > 0 {
		to.set("required", required)
	}
	to.set("properties", properties)
}

// demand makes the fields required that are so only while they are shown, or under a
// condition: the studio knows how a schema says that.
func (r *reader) demand(text []byte) ([]byte, error) {
	var draft *studio.Draft
	for _, q := range r.all {
		if q.required == "" || isNo(q.required) || isYes(q.required) && q.when == nil {
			continue
		}
		scope := q.in.scope()
		path := []string{q.key}
		if scope != nil {
			if scope.in.scope() != nil {
				r.note("survey", q.line, "That the question is required is not carried over, as it stands in rows within rows.")
				continue
			}
			path = []string{scope.key, "*", q.key}
		}
		c := studio.Command{Do: "set", Path: path, Setting: "required", Value: true}
		if !isYes(q.required) {
			when := r.condition(q.required, q.line, scope, schema.Says("The question is not required; set when it is in the builder."))
			if when == nil {
				continue
			}
			c = studio.Command{Do: "set-required-when", Path: path, Value: when}
		}
		if draft == nil {
			read, err := studio.Read(text)
			if err != nil {
				return nil, fmt.Errorf("xlsform: read what was written: %w", err)
			}
			draft = read
		}
		next, err := draft.Do(c)
		var refused *studio.Refusal
		switch {
		case errors.As(err, &refused):
			r.note("survey", q.line, "That the question is required is not carried over: %s", refused.Message)
		case err != nil:
			return nil, fmt.Errorf("xlsform: %w", err)
		default:
			draft = next
		}
	}
	if draft == nil {
		return text, nil
	}
	return draft.JSON(), nil
}

func isNo(text string) bool {
	switch text {
	case "no", "false", "false()", "No", "FALSE", "False", "NO", "0":
		return true
	}
	return false
}
