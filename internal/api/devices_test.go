package api

import (
	"strings"
	"testing"
)

// TestDevices: who syncs finds his own devices, and who looks after them finds all; a
// token for narrower work finds none, not its own either.
func TestDevices(t *testing.T) {
	w := newWorld(t)
	sync := func(as, replica, device string) {
		w.want("sync of "+as, w.do(as, "POST", "/api/_sync", `{"replica":"`+replica+`","device":`+device+`}`), 200)
	}
	sync("wim", "00000000000000a1", `{"label":"Truck 7","app":"app 1","unsent":3,"types":{"order":1}}`)
	sync("eve", "00000000000000b1", `{"label":"Desk","unsent":0}`)
	sync("eve/read", "00000000000000b2", `{"label":"Script","unsent":0}`)
	for as, want := range map[string]string{"wim": "Truck 7", "eve": "Desk Script", "dana": "Truck 7 Desk Script", "olga": "Truck 7 Desk Script"} {
		a := w.do(as, "GET", "/api/_devices", "")
		w.want(as, a, 200)
		var got struct {
			Devices []struct {
				Replica, Name string
				Report        struct {
					Label  string
					Unsent int
				}
			}
		}
		a.into(w, &got)
		if len(got.Devices) != len(strings.Fields(strings.ReplaceAll(want, "Truck 7", "Truck-7"))) {
			t.Errorf("%s finds %s", as, a.body)
		}
		for _, d := range got.Devices {
			if !strings.Contains(want, d.Report.Label) || d.Report.Label == "Truck 7" && (d.Name != "wim" || d.Report.Unsent != 3 || d.Replica != "00000000000000a1") {
				t.Errorf("%s finds %+v", as, d)
			}
		}
	}
	for _, as := range []string{"eve/read", "eve/other", "olga/read"} {
		w.want(as, w.do(as, "GET", "/api/_devices", ""), 403)
	}
	w.want("a query that means nothing", w.do("olga", "GET", "/api/_devices?all=yes", ""), 400)
}
