package crdt_test

import (
	"testing"
	"unicode/utf8"

	"github.com/fieldstack/fieldstack/crdt"
)

// types replaces n code points at a place of the notes.
func (d *device) types(at, n int, text string) *crdt.Change {
	d.t.Helper()
	return d.does(func(e *crdt.Editor) error { return e.Splice([]string{"notes"}, at, n, text) })
}

func TestText_RunsOfTypingStayWhole(t *testing.T) {
	d := devices(t, 2, object{"notes": "Hello!"})
	for i, letter := range []string{" ", "w", "o", "r", "l", "d"} {
		d[0].types(5+i, 0, letter)
	}
	for i, letter := range []string{" ", "t", "h", "e", "r", "e"} {
		d[1].types(5+i, 0, letter)
	}
	meet(d...)
	d[0].shows("Hello world there!", "notes")
}

func TestText_BackwardsTypingStaysWhole(t *testing.T) {
	d := devices(t, 2, nil)
	for _, letter := range []string{"c", "b", "a"} {
		d[0].types(0, 0, letter)
	}
	for _, letter := range []string{"z", "y", "x"} {
		d[1].types(0, 0, letter)
	}
	meet(d...)
	d[0].shows("abcxyz", "notes")
}

func TestText_InsertInsideARemovedStretch(t *testing.T) {
	d := devices(t, 2, object{"notes": "The old pump leaks."})
	d[0].types(4, 9, "valve ") // takes "old pump "
	d[1].types(8, 0, "red ")
	meet(d...)
	d[0].shows("The valve red leaks.", "notes")
}

func TestText_RemovedTwiceIsRemoved(t *testing.T) {
	d := devices(t, 2, object{"notes": "abcdef"})
	d[0].types(1, 3, "")
	d[1].types(2, 3, "")
	meet(d...)
	d[0].shows("af", "notes")
}

// Positions are code points: a family emoji is several, a letter with a combining
// mark two.
func TestText_CodePoints(t *testing.T) {
	d := devices(t, 2, object{"notes": "👩‍👧e\u0301🇫🇮"})
	d[0].types(3, 2, "é")
	d[1].types(7, 0, "!")
	meet(d...)
	d[0].shows("👩‍👧é🇫🇮!", "notes")
	d[0].types(0, 1, "👨") // inside the family
	d[0].shows("👨‍👧é🇫🇮!", "notes")
}

// Put compares: what did not change is not touched, so that what others type there
// stays, and characters are not torn apart.
func TestText_PutSplicesWhatDiffers(t *testing.T) {
	for _, test := range []struct {
		old, new   string
		cut, typed int // code points
	}{
		{"the pump leaks", "the pump leaks", 0, 0},
		{"the pump leaks", "the old pump leaks", 0, 4},
		{"the old pump leaks", "the pump leaks", 4, 0},
		{"the pump leaks", "a pump drips", 7, 5},
		{"gonna", "going", 3, 3},
		{"", "new", 0, 3},
		{"gone", "", 4, 0},
		{"hi 👩‍👧", "hi 👩‍👦", 3, 3},       // not only the child
		{"cafe", "cafe\u0301", 1, 2},     // not only the accent
		{"🇫🇮🇸🇪", "🇫🇮🇸🇮", 2, 2},           // not half a flag
		{"👍🏻 ok", "👍🏿 ok", 2, 2},         // not only the colour
		{"one\r\ntwo", "one\ntwo", 2, 1}, // CR LF is one
		{"שלום עולם", "שלום לעולם", 0, 1},
	} {
		d := devices(t, 1, object{"notes": test.old})[0]
		c := d.puts(test.new, "notes")
		d.shows(test.new, "notes")
		cut, typed := 0, 0
		for _, op := range c.Ops {
			typed += utf8.RuneCountInString(op.Text)
			for _, s := range op.Spans {
				cut += int(s.Len)
			}
		}
		if cut != test.cut || typed != test.typed {
			t.Errorf("%q to %q cuts %d and types %d, not %d and %d", test.old, test.new, cut, typed, test.cut, test.typed)
		}
	}
}

func TestText_TypingInOneChangeIsOneRun(t *testing.T) {
	d := devices(t, 1, object{"notes": "Hello!"})[0]
	c := d.does(func(e *crdt.Editor) error {
		for i, letter := range []string{" ", "y", "o", "u"} {
			if err := e.Splice([]string{"notes"}, 5+i, 0, letter); err != nil {
				return err
			}
		}
		return nil
	})
	if len(c.Ops) != 1 || c.Ops[0].Text != " you" {
		t.Errorf("typing takes %v", c.Ops)
	}
}

func TestText_RefusesWhatIsOutside(t *testing.T) {
	d := devices(t, 1, object{"notes": "abc"})[0]
	for _, test := range []struct {
		at, n int
		text  string
	}{{-1, 0, "x"}, {4, 0, "x"}, {0, 4, ""}, {2, 2, ""}, {0, -1, ""}, {1, 1 << 62, ""}, {0, 0, "\xff"}} {
		e := d.doc.Edit(d.id, planOfTests())
		if err := e.Splice([]string{"notes"}, test.at, test.n, test.text); err == nil || len(e.Ops()) > 0 {
			t.Errorf("%v is not refused: %v", test, e.Ops())
		}
	}
}
