package people_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/fieldstack/fieldstack/admin/admintest"
	"github.com/fieldstack/fieldstack/collections"
)

// enrol makes a device of somebody's that has synced once; it gives its credential.
func enrol(w *admintest.World, name, label string, replica uint64, report *collections.DeviceReport) string {
	w.Helper()
	olga := w.As("olga")
	code := olga.Post("/admin/devices/enrol", admintest.Values("person", w.Users[name])).Want(200).Text("#secret-text")
	_, who, err := w.Accounts.Enrol(w.Context(), code, label, admintest.Loopback)
	w.Must(err)
	r := &collections.SyncRequest{Device: report, Credential: who.Credential, Label: who.Label, Enrolled: true}
	w.Must(r.Replica.UnmarshalText([]byte("00000000000000a" + string(rune('0'+replica)))))
	_, err = w.Engine.Sync(w.Context(), who.Actor, r)
	w.Must(err)
	return who.Credential
}

// TestDevices lists what waits where, and signs a device out from afar.
func TestDevices(t *testing.T) {
	w := admintest.NewWorld(t)
	w.As("wim").Get("/admin/devices").Want(200).Says(".empty", "No device has synced yet")
	phone := enrol(w, "wim", "Wim's phone", 1, &collections.DeviceReport{App: "Field app 1", Unsent: 3, Oldest: time.Now().Add(-3 * time.Hour).UnixMilli(), Refused: 1})
	enrol(w, "eve", "Eve's van", 2, nil)
	olga, wim := w.As("olga"), w.As("wim")
	p := olga.Get("/admin/devices").Want(200)
	p.Count("table.devices tbody tr", 2)
	row := "tbody tr:contains('phone')"
	for _, text := range []string{"Wim's phone enrolled", "wim", "3 unsent, since 3 hours", "1 refused", "up to date", "Field app 1"} {
		p.Says(row, text)
	}
	p.Says("tbody tr:contains('van')", "not known")
	olga.Get("/admin/devices?show=unsent").Count("table.devices tbody tr", 1)
	olga.Get("/admin/devices?search=VAN").Count("table.devices tbody tr", 1)
	olga.Get("/admin/devices?show=behind").Says(".empty", "No device is like that")
	w.Publish("order", admintest.OrderSchema[:len(admintest.OrderSchema)-1]+`,"description":"Now with words."}`)
	olga.Get("/admin/devices?show=behind").Says(row, "Work order: version 1 of 2")
	wim.Get("/admin/devices").Count("table.devices tbody tr", 1)
	w.As("dana").Get("/admin/devices").Count("table.devices tbody tr", 2)

	ask := "/admin/devices/" + url.PathEscape(phone) + "/sign-out"
	p = olga.Get(ask).Want(200)
	p.Says("h1", "Sign “Wim's phone” of wim out?")
	p.Says(".lead", "can be sent after signing in there again. It said last: 3 unsent")
	w.As("eve").Get(ask).Want(404)
	w.As("eve").Post(ask, nil).Want(404)
	olga.Follow(olga.Post(ask, nil)).Says(".notice.done", "signed out")
	p = olga.Get("/admin/devices")
	p.Says(row, "signed out")
	form := admintest.Values("user", p.Find(row+" [name=user]").AttrOr("value", ""), "replica", p.Find(row+" [name=replica]").AttrOr("value", ""))
	w.As("dana").Post("/admin/devices/forget", form).Want(403)
	olga.Follow(olga.Post("/admin/devices/forget", form)).Count("table.devices tbody tr", 1)
}

// TestPerson_Devices shows a person's devices on their page, and enrols another there.
func TestPerson_Devices(t *testing.T) {
	w := admintest.NewWorld(t)
	enrol(w, "wim", "Wim's phone", 1, &collections.DeviceReport{Unsent: 2})
	olga := w.As("olga")
	path := "/admin/people/" + url.PathEscape(w.Users["wim"])
	p := olga.Get(path).Want(200)
	p.Says("table.devices", "Wim's phone")
	p.SaysNot(".sub", "–")
	p = olga.Post(path+"/enrol", nil).Want(200)
	p.Says("#secret-text-label", "wim")
	_, who, err := w.Accounts.Enrol(t.Context(), p.Text("#secret-text"), "tablet", admintest.Loopback)
	if err != nil || who.Actor.Name != "wim" {
		t.Errorf("the code enrols %v: %v", who, err)
	}
	olga.Get("/admin/people").Says("tbody tr:contains('wim')", "1 device 2 unsent")
	w.As("dana").Post(path+"/enrol", nil).Want(403)
}
