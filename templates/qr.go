package templates

// QR is a QR code: black squares on Size by Size white ones, the quiet zone included,
// as the path of an SVG.
type QR struct {
	Size int
	Path string
}
