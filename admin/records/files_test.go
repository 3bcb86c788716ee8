package records_test

import (
	"testing"

	"github.com/fieldstack/fieldstack/admin/admintest"
)

// TestFiles: a list leads to its export, and who may write much at once to an import.
func TestFiles(t *testing.T) {
	w := admintest.NewWorld(t)
	const list = "/admin/types/order/records"
	page := w.As("eve").Get(list + "?search=pump&sort=-title&state=attention").Want(200)
	page.Count(`a[href="`+list+`/import"]`, 1)
	page.Count(`a[href="`+list+`/export?search=pump&sort=-title&state=attention"]`, 1)
	page = w.As("wim").Get(list).Want(200)
	page.Count(`a[href="`+list+`/import"]`, 0)
	page.Count(`a[href="`+list+`/export"]`, 1)
}
