import { useEffect, useRef, useState } from 'preact/hooks'
import { enrolCode } from '../app/router.js'
import { Notice } from '../ui/empty.jsx'
import { Sheet } from '../ui/sheet.jsx'
import { t } from '../words/words.js'
import { qrReader } from './qr.js'

/**
 * Looks through the camera until it sees an enrolment code.
 * @param {{onCode: (code: string) => void, onClose: () => void}} props
 */
export function Scanner ({ onCode, onClose }) {
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null))
  const [problem, setProblem] = useState('')
  const [other, setOther] = useState(false)
  useEffect(() => {
    const stop = new AbortController()
    const found = (/** @type {string} */ text) => {
      const code = enrolCode(text)
      setOther(!code)
      if (code) onCode(code)
      return !!code
    }
    watch(/** @type {HTMLVideoElement} */ (video.current), found, stop.signal).catch((error) => setProblem(t(error.name === 'NotAllowedError' ? 'cameraForbidden' : 'cameraFails')))
    return () => stop.abort()
  }, [])
  return (
    <Sheet title={t('scan')} onClose={onClose}>
      {problem
        ? <Notice tone="bad" icon="camera"><p>{problem}</p></Notice>
        : <><p>{t('scanHint')}</p><video ref={video} class="finder" muted playsInline /></>}
      {other && <Notice tone="warn" icon="qr"><p>{t('otherCode')}</p></Notice>}
    </Sheet>
  )
}

/**
 * Shows the camera and reads its pictures, one after the other, until one is found or
 * the signal says to end; the camera is let go of then.
 * @param {HTMLVideoElement} video
 * @param {(text: string) => boolean} found whether that was it
 * @param {AbortSignal} signal
 */
async function watch (video, found, signal) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false })
  const end = () => stream.getTracks().forEach((track) => track.stop())
  signal.addEventListener('abort', end)
  if (signal.aborted) return end()
  video.srcObject = stream
  await video.play()
  const read = await qrReader()
  while (!signal.aborted) {
    const text = video.videoWidth ? await read(video) : null
    if (!signal.aborted && text && found(text)) return end()
    await new Promise((resolve) => setTimeout(resolve, 120))
  }
}
