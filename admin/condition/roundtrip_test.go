package condition_test

import (
	"bytes"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"pgregory.net/rapid"

	"github.com/fieldstack/fieldstack/admin/condition"
	"github.com/fieldstack/fieldstack/schema"
	view "github.com/fieldstack/fieldstack/templates/condition"
)

// orderSchema has a field of each kind that people compare.
const orderSchema = `{"type":"object","properties":{
	"title":{"type":"string","title":"Title"},
	"status":{"title":"Status","enum":["open","in progress","done"]},
	"level":{"title":"Level","enum":[1,2,"1",true]},
	"hours":{"type":"number","title":"Hours"},
	"count":{"type":"integer","title":"Count"},
	"urgent":{"type":"boolean","title":"Urgent"},
	"due":{"type":"string","format":"date","title":"Due"},
	"seen":{"type":"string","format":"date-time","title":"Seen"},
	"tags":{"type":"array","title":"Tags","uniqueItems":true,"items":{"type":"string"}},
	"trades":{"type":"array","title":"Trades","uniqueItems":true,"items":{"enum":["roof","pipes"]}},
	"marks":{"type":"array","title":"Marks","items":{"type":"number"}},
	"parts":{"type":"array","title":"Parts","items":{"type":"object","properties":{"qty":{"type":"integer"}}}},
	"address":{"type":"object","title":"Address","properties":{"city":{"type":"string","title":"City"},"a.b\\c":{"type":"string"}}},
	"either":{"type":["string","number"],"title":"Either"}}}`

var order = mustParse(orderSchema)

func mustParse(text string) *schema.Schema {
	s, err := schema.Parse([]byte(text))
	if err != nil {
		panic(err)
	}
	return s
}

func parse(t interface{ Fatal(...any) }, text string) *schema.Condition {
	c, err := schema.ParseCondition([]byte(text))
	if err != nil {
		t.Fatal(text, err)
	}
	return c
}

// drawLeaf draws a comparison that fits the type, with every operator and with values
// that no control can show.
func drawLeaf(t *rapid.T) *schema.Condition {
	field := rapid.SampledFrom([]string{
		"title", "status", "level", "hours", "count", "urgent", "due", "seen", "tags", "trades", "marks", "parts", "address", "address.city", `address.a\.b\\c`, "either", "gone",
	}).Draw(t, "field")
	op := rapid.SampledFrom([]string{"is", "not", "in", "above", "below", "from", "to", "has", "contains", "starts", "empty"}).Draw(t, "op")
	scalar := rapid.SampledFrom([]any{
		nil, true, false, 0.0, 1.0, 1.5, -3.0, 1e21, 1e-7, "", "open", "done", "1", "$me", "$today", "$now", "2026-11-22", "2026-11-22T12:30:00.000Z", "2026-11-22T12:30:15.000Z",
		"2026-11-22T12:30:00+01:00", " led by a space", "two\nlines", "\n", "\r", "<b>\"'&", "é😀", "1,5", "[1]",
	})
	for {
		c := &schema.Condition{Op: op, Value: scalar.Draw(t, "value")}
		switch op {
		case "in":
			c.Value = append([]any{}, rapid.SliceOfN(scalar, 0, 4).Draw(t, "values")...)
		case "empty":
			c.Value = rapid.Bool().Draw(t, "empty")
		}
		text := bytes.Replace(marshal(c), []byte(`{"field":""`), []byte(`{"field":`+string(quote(field))), 1)
		parsed, err := schema.ParseCondition(text)
		if err == nil {
			return parsed
		}
	}
}

func quote(s string) []byte {
	return []byte(`"` + strings.ReplaceAll(s, `\`, `\\`) + `"`)
}

func marshal(c *schema.Condition) []byte {
	text, err := c.MarshalJSON()
	if err != nil {
		panic(err)
	}
	return text
}

func draw(t *rapid.T, depth int) *schema.Condition {
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	switch {
	case kind == 0:
		return &schema.Condition{Op: rapid.SampledFrom([]string{"true", "false"}).Draw(t, "constant")}
	case kind > 4 || depth == 0:
		return drawLeaf(t)
	}
	c := &schema.Condition{Op: rapid.SampledFrom([]string{"all", "any", "none"}).Draw(t, "join"), Subs: []*schema.Condition{}}
	for range rapid.IntRange(0, 3).Draw(t, "parts") {
		c.Subs = append(c.Subs, draw(t, depth-1))
	}
	return c
}

// meaning is a condition without what editing takes away: groups of one at the top,
// nothing said as always, and the order of choices that were ticked.
func meaning(c *schema.Condition) *schema.Condition {
	c = ticked(c)
	switch {
	case c == nil || c.Op == "true" || c.Op == "all" && len(c.Subs) == 0:
		return nil
	case (c.Op == "all" || c.Op == "any") && len(c.Subs) == 1:
		return c.Subs[0]
	}
	return c
}

// ticked puts the values of choices in their own order, each once.
func ticked(c *schema.Condition) *schema.Condition {
	if c == nil {
		return nil
	}
	same := *c
	for i, sub := range c.Subs {
		if i == 0 {
			same.Subs = nil
		}
		same.Subs = append(same.Subs, ticked(sub))
	}
	field, _ := order.Field(c.Field)
	list, _ := c.Value.([]any)
	if field.Enum == nil || len(list) == 0 || slices.ContainsFunc(list, func(v any) bool { return !slices.Contains(field.Enum, v) }) {
		return &same
	}
	same.Value = slices.DeleteFunc(slices.Clone(field.Enum), func(v any) bool { return !slices.Contains(list, v) })
	return &same
}

// Whatever the condition, the editor gives it back, also after a trip through the page
// and a browser's form.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := draw(rt, 3)
		m := condition.New(c, order, "where")
		got, ok := m.Condition()
		if want := meaning(c); !ok || !reflect.DeepEqual(got, want) {
			rt.Fatalf("%s comes back as %s (%v)", marshal(want), marshal(got), ok)
		}
		if m.Empty() != (got == nil) {
			rt.Fatalf("%s: empty is %v", marshal(c), m.Empty())
		}
		form := sent(rt, condition.New(c, order, "where"))
		read := condition.Read(form, order, "where")
		if read.Acted {
			rt.Fatalf("a form of which no button was pressed acted: %v", form)
		}
		again, ok := read.Condition()
		if !ok || !reflect.DeepEqual(again, got) {
			rt.Fatalf("%s comes back from the form as %s (%v)\n%v", marshal(got), marshal(again), ok, form)
		}
		once, _ := condition.New(again, order, "where").Condition()
		if want := meaning(again); !reflect.DeepEqual(once, want) {
			rt.Fatalf("%s, edited again, is %s", marshal(again), marshal(once))
		}
	})
}

// sent is the form that a browser sends when somebody changes nothing.
func sent(t interface{ Fatal(...any) }, m *condition.Model) url.Values {
	return formOf(t, m.View(words(), "What is listed", "/here"))
}

func formOf(t interface{ Fatal(...any) }, v view.Model) url.Values {
	var page bytes.Buffer
	if err := view.Editor(v).Render(words(), &page); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&page)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	doc.Find("input, select, textarea").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		kind, _ := s.Attr("type")
		_, checked := s.Attr("checked")
		switch {
		case s.Is("select"):
			chosen := s.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = s.Find("option").First()
			}
			form.Add(name, chosen.Last().AttrOr("value", ""))
		case s.Is("textarea"):
			form.Add(name, strings.ReplaceAll(s.Text(), "\n", "\r\n"))
		case kind == "checkbox" && !checked:
		default:
			form.Add(name, s.AttrOr("value", ""))
		}
	})
	return form
}
