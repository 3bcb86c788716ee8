package schema_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/schema"
)

// The generators draw from few keys and few values, so that comparisons often meet
// what they compare with.
var (
	drawKey    = rapid.SampledFrom([]string{"a", "b", "c", "a.b", `x\`})
	drawScalar = rapid.OneOf(
		rapid.Just[any](nil), rapid.Just[any](true), rapid.Just[any](false),
		rapid.Map(rapid.SampledFrom([]float64{-1, 0, 0.5, 1, 2}), func(n float64) any { return n }),
		rapid.Map(rapid.SampledFrom([]string{"", "a", "A", "ab", "é", "\ue000", "😀", "$me", "$now", "$today", "kim", "$you"}), func(s string) any { return s }),
	)
	drawText = drawScalar.Filter(func(v any) bool { _, ok := v.(string); return ok })
)

func drawValue(t *rapid.T) map[string]any { return drawObject(t, 2) }

func drawObject(t *rapid.T, depth int) map[string]any {
	object := map[string]any{}
	for _, key := range rapid.SliceOfN(drawKey, 0, 4).Draw(t, "keys") {
		switch kind := rapid.IntRange(0, 5).Draw(t, "kind"); {
		case kind == 0 && depth > 0:
			object[key] = drawObject(t, depth-1)
		case kind == 1:
			object[key] = rapid.SliceOfN(drawScalar, 0, 3).Draw(t, "list")
		default:
			object[key] = drawScalar.Draw(t, "scalar")
		}
	}
	return object
}

func drawCondition(t *rapid.T) *schema.Condition { return drawDepth(t, 3) }

func drawDepth(t *rapid.T, depth int) *schema.Condition {
	op := rapid.SampledFrom([]string{
		"all", "any", "none", "is", "not", "in", "above", "below", "from", "to", "has", "contains", "starts", "empty", "true", "false",
	}).Draw(t, "op")
	c := &schema.Condition{Op: op}
	switch op {
	case "true", "false":
		return c
	case "all", "any", "none":
		c.Subs = []*schema.Condition{}
		for range rapid.IntRange(0, min(3, depth)).Draw(t, "subs") {
			c.Subs = append(c.Subs, drawDepth(t, depth-1))
		}
		return c
	case "in":
		c.Value = append([]any{}, rapid.SliceOfN(drawScalar, 0, 3).Draw(t, "values")...)
	case "contains", "starts":
		c.Value = drawText.Draw(t, "value")
	case "empty":
		c.Value = rapid.Bool().Draw(t, "value")
	case "has":
		c.Value = drawScalar.Filter(func(v any) bool { return v != nil }).Draw(t, "value")
	case "above", "below", "from", "to":
		c.Value = drawScalar.Filter(func(v any) bool { _, no := v.(bool); return !no && v != nil }).Draw(t, "value")
	default:
		c.Value = drawScalar.Draw(t, "value")
	}
	c.Field = rapid.SliceOfN(drawKey, 1, 3).Draw(t, "field")
	return c
}

// all is a group for the laws.
func group(op string, subs ...*schema.Condition) *schema.Condition {
	return &schema.Condition{Op: op, Subs: subs}
}

// The groups follow the laws of logic, and a comparison is one of: its opposite, or
// false together with it.
func TestCondition_Laws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, value := drawCondition(t), drawCondition(t), drawValue(t)
		same := func(law string, l, r *schema.Condition) {
			if l.Match(value) != r.Match(value) {
				t.Fatalf("%s fails on %v:\n%s\n%s", law, value, marshalAny(l), marshalAny(r))
			}
		}
		not := func(c *schema.Condition) *schema.Condition { return group("none", c) }
		same("De Morgan: none is not any", group("none", a, b), not(group("any", a, b)))
		same("De Morgan: not (a and b)", not(group("all", a, b)), group("any", not(a), not(b)))
		same("De Morgan: not (a or b)", not(group("any", a, b)), group("all", not(a), not(b)))
		same("double negation", a, not(not(a)))
		same("all of one", a, group("all", a))
		same("any of one", a, group("any", a))
		same("order of all", group("all", a, b), group("all", b, a))
		same("order of any", group("any", a, b), group("any", b, a))
		same("absorption", a, group("all", a, group("any", a, b)))
	})
}

// Each comparison says the same as the comparisons it is made of.
func TestCondition_ComparisonLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		field := rapid.SliceOfN(drawKey, 1, 2).Draw(t, "field")
		v, list, value := drawScalar.Draw(t, "v"), rapid.SliceOfN(drawScalar, 0, 4).Draw(t, "list"), drawValue(t)
		match := func(op string, v any) bool {
			return (&schema.Condition{Op: op, Field: field, Value: v}).Match(value)
		}
		law := func(name string, holds bool) {
			if !holds {
				t.Fatalf("%s fails: field %q, %v, %v in %v", name, field, v, list, value)
			}
		}
		law("not is not is", match("not", v) == !match("is", v))
		law("in is any is", match("in", list) == slices.ContainsFunc(list, func(v any) bool { return match("is", v) }))
		law("filled is not empty", match("empty", false) == !match("empty", true))
		law("null is empty", !match("is", nil) || match("empty", true))
		law("starts is in contains", !match("starts", v) || match("contains", v))
		above, below, from, to := match("above", v), match("below", v), match("from", v), match("to", v)
		_, isBool := v.(bool)
		if v == nil || isBool {
			law("no order with null, true and false", !above && !below && !from && !to)
			return
		}
		law("from is above or is", from == (above || match("is", v)))
		law("to is below or is", to == (below || match("is", v)))
		law("one of above, is, below or no order", !(above && below) && (from || to) == (above || below || match("is", v)))
	})
}

// A resolved condition has no variables left; resolving changes nothing else, not
// even the condition itself, and a second time changes nothing.
func TestCondition_ResolveIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCondition(t)
		before := marshalAny(c)
		vars := schema.Vars{Me: rapid.SampledFrom([]string{"", "kim"}).Draw(t, "me"), Now: rapid.Int64Range(-1e12, 4e12).Draw(t, "now")}
		once := c.Resolve(vars)
		if after := marshalAny(c); after != before {
			t.Fatalf("Resolve changed its receiver from %s to %s", before, after)
		}
		other := schema.Vars{Me: "lee", Now: vars.Now + 1}
		if diff := cmp.Diff(once, once.Resolve(other)); diff != "" {
			t.Fatalf("%s resolved twice differs:\n%s", before, diff)
		}
	})
}

// A list or an object equals nothing, not even where a condition made by hand holds one.
func TestCondition_ListsEqualNothing(t *testing.T) {
	for _, v := range []any{[]any{"x"}, map[string]any{"x": "x"}} {
		c := &schema.Condition{Op: "is", Field: []string{"a"}, Value: v}
		if c.Match(map[string]any{"a": v}) {
			t.Errorf("%v is equal to a condition's value", v)
		}
	}
}

// $now and $today are in UTC, wherever the server stands.
func TestCondition_ResolveUTC(t *testing.T) {
	here := time.Local
	defer func() { time.Local = here }()
	time.Local = time.FixedZone("far east", 14*60*60)
	vars := schema.Vars{Now: time.Date(2024, 5, 27, 22, 0, 0, 0, time.UTC).UnixMilli()}
	for name, want := range map[string]string{"$now": "2024-05-27T22:00:00.000Z", "$today": "2024-05-27"} {
		c := &schema.Condition{Op: "is", Field: []string{"a"}, Value: name}
		if got := c.Resolve(vars).Value; got != want {
			t.Errorf("%s: got %v, want %s", name, got, want)
		}
	}
}

// What MarshalJSON writes, ParseCondition reads as the same condition.
func TestCondition_ParseMarshalIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCondition(t)
		text := marshalAny(c)
		again, err := schema.ParseCondition([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(c, again); diff != "" {
			t.Fatalf("%s:\n%s", text, diff)
		}
	})
}

// Match agrees with a twin that is written without regard to speed or style.
func TestCondition_MatchesTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, value := drawCondition(t), drawValue(t)
		if got, want := c.Match(value), twinMatch(c, value); got != want {
			t.Fatalf("%s matches %v: got %v, want %v", marshalAny(c), value, got, want)
		}
	})
}

func marshalAny(c *schema.Condition) string {
	text, err := c.MarshalJSON()
	if err != nil {
		return err.Error()
	}
	return string(text)
}
