package records

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/internal/views"
	"github.com/fieldstack/fieldstack/schema"
)

// drawLook draws what a list can show.
func drawLook(r *rapid.T) views.Look {
	key := rapid.SampledFrom([]string{"status", "-odd", "+odd", "a.b", `a\b`, "über", "x y", "a&b=c"})
	look := views.Look{Search: rapid.SampledFrom([]string{"", "pump", "a&b", "50%", "+"}).Draw(r, "search"), State: rapid.SampledFrom([]string{"", "attention", "trash"}).Draw(r, "state")}
	for range rapid.IntRange(0, 3).Draw(r, "keys") {
		look.Sort = append(look.Sort, views.Sort{Path: rapid.SliceOfN(key, 1, 2).Draw(r, "path"), Desc: rapid.Bool().Draw(r, "desc")})
	}
	if rapid.Bool().Draw(r, "filtered") {
		leaf := func() *schema.Condition {
			return &schema.Condition{Op: "is", Field: []string{key.Draw(r, "field")}, Value: rapid.SampledFrom([]any{"open", 1.5, true, nil, "$me"}).Draw(r, "value")}
		}
		look.Where = leaf()
		if rapid.Bool().Draw(r, "group") {
			look.Where = &schema.Condition{Op: "any", Subs: []*schema.Condition{leaf(), leaf()}}
		}
	}
	return look
}

// TestAddress_RoundTrip: a link shows what the list showed that it was made of, with a
// view to begin with and without one, changed and as it was kept.
func TestAddress_RoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		look := drawLook(r)
		a := address{
			path: "/records", where: look.Where, sort: look.Asked(), search: look.Search, state: look.State,
			after: rapid.SampledFrom([]string{"", "WyJ"}).Draw(r, "after"), count: rapid.Bool().Draw(r, "count"),
		}
		if rapid.Bool().Draw(r, "viewed") {
			base := drawLook(r)
			if rapid.Bool().Draw(r, "unchanged") {
				base = look
			}
			a.view, a.base = "v1", &base
		}
		again, err := parseAddress(a.path, a.query(), a.base)
		if err != nil {
			r.Fatalf("%s: %v", a.query().Encode(), err)
		}
		if !sameLook(again.look(), a.look()) || again.after != a.after || again.count != a.count || again.view != a.view {
			r.Fatalf("%s\nis read as %+v\nbut was %+v", a.query().Encode(), again, a)
		}
		if a.base != nil && !a.changed() && a.query().Has("where") {
			r.Fatalf("the address of a view as it was kept spells it: %s", a.query().Encode())
		}
	})
}

// TestKey_RoundTrip: the way to a field is the same after it was written as one text.
func TestKey_RoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		path := rapid.SliceOfN(rapid.StringN(1, 6, -1), 1, 4).Draw(r, "path")
		again, err := splitKey(joinKey(path))
		if err != nil || !slices.Equal(again, path) {
			r.Fatalf("%q became %q (%v)", path, again, err)
		}
	})
	for _, bad := range []string{"", ".", "a.", `a\`} {
		if _, err := splitKey(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// TestUndone: putting back is exact where nobody came in between, for every deed.
func TestUndone(t *testing.T) {
	elements := rapid.SliceOfNDistinct(rapid.SampledFrom([]any{"a", "b", "c", "d"}), 0, 4, func(v any) any { return v })
	rapid.Check(t, func(r *rapid.T) {
		e := edit{key: "f", deed: rapid.SampledFrom([]deed{deedSet, deedClear, deedAdd, deedTake, deedAmount}).Draw(r, "deed")}
		var before any
		switch e.deed {
		case deedAmount:
			before, e.value = float64(rapid.IntRange(-50, 50).Draw(r, "n")), float64(rapid.IntRange(-9, 9).Draw(r, "by"))
		case deedAdd, deedTake:
			e.value = rapid.SampledFrom([]any{"a", "b"}).Draw(r, "element")
			if list := elements.Draw(r, "list"); len(list) > 0 {
				before = list
			}
		default:
			before, e.value = rapid.SampledFrom([]any{nil, "x", 1.0}).Draw(r, "before"), rapid.SampledFrom([]any{"x", "y"}).Draw(r, "value")
		}
		after := e.then(before)
		if reflect.DeepEqual(before, after) {
			return // nothing was written, so there is nothing to undo
		}
		then, left := e.back().Undone(before, after, after)
		if left {
			r.Fatalf("%v of %v is left as it is", e.deed, before)
		}
		if e.deed == deedAdd || e.deed == deedTake {
			before, then = set(before), set(then)
		}
		if !reflect.DeepEqual(then, before) {
			r.Fatalf("%v %v on %v gave %v, and undone %v", e.deed, e.value, before, after, then)
		}
	})
}

// set is the elements of a list, whose order a set does not keep.
func set(list any) any {
	elements, _ := list.([]any)
	has := map[any]bool{}
	for _, v := range elements {
		has[v] = true
	}
	return has
}
