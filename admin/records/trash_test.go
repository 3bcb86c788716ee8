package records_test

import (
	"fmt"
	"testing"

	"github.com/fieldstack/fieldstack/admin/admintest"
)

// Ensure the trash lists what was deleted, last first, page by page, and restores many at
// once; one that cannot be restored stops none of the others.
func TestTrash(t *testing.T) {
	w := admintest.NewWorld(t)
	b := w.As("eve")
	const trash = "/admin/types/order/records/trash"
	b.Get(trash).Want(200).Says(".empty", "this server keeps history for ever")
	var ids []string
	for i := range 60 {
		id := w.Create("order", map[string]any{"title": fmt.Sprintf("Order %02d", i)})
		w.Must(w.Engine.Delete(t.Context(), admintest.System, "order", id))
		ids = append(ids, id)
	}
	p := b.Get(trash).Want(200)
	p.Count("tbody tr", 50)
	p.Says("tbody tr:first-child", "system")
	older := b.Get(p.Find("nav.pages a").AttrOr("href", "")).Want(200)
	older.Count("tbody tr", 10)
	older.Says("nav.pages", "Deleted last")
	p = b.Follow(b.Post(trash, admintest.Values("id", ids[0], "id", ids[1])))
	p.Says(".notice.done", "They are back")
	b.Get("/admin/types/order/records").Says(".sheet", "Order 00")
	p = b.Post(trash, admintest.Values("id", "none", "id", ids[2])).Want(409)
	p.Says(".notice.wrong", "no record")
	b.Get("/admin/types/order/records").Says(".sheet", "Order 02")
	b.Post(trash, nil).Redirects(trash)
	w.As("wim").Get(trash).Want(403)
	b.Get("/admin/types/order/records").Count(`a[href="`+trash+`"]`, 1)
}
