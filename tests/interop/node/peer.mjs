// A yamux peer on @chainsafe/libp2p-yamux, with the options of yamux-echo.
import net from 'node:net'
import { createHash, randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { defaultLogger } from '@libp2p/logger'
import { yamux } from '@chainsafe/libp2p-yamux'

const { values: options } = parseArgs({
  options: {
    listen: { type: 'string' },
    connect: { type: 'string' },
    role: { type: 'string', default: 'server' },
    open: { type: 'string', default: '0' },
    bytes: { type: 'string', default: '0' },
    scenario: { type: 'string', default: 'echo' },
    cut: { type: 'boolean', default: false },
    late: { type: 'boolean', default: false }
  }
})
const count = Number(options.open)
const bytes = Number(options.bytes)

function fail (doing, error) {
  console.error(`${doing}: ${error?.stack ?? error}`)
  process.exit(1)
}

function connected () {
  return new Promise((resolve, reject) => {
    if (options.connect) {
      const [host, port] = options.connect.split(':')
      const socket = net.connect(Number(port), host, () => resolve(socket))
      socket.on('error', reject)
      return
    }
    const [host, port] = options.listen.split(':')
    const server = net.createServer((socket) => { server.close(); resolve(socket) })
    server.listen(Number(port), host, () => console.log(server.address().port))
  })
}

// Pieces of 1 to 700 bytes where that is wanted.
function * pieces (chunk) {
  if (!options.cut) return yield chunk
  for (let at = 0; at < chunk.length;) {
    const end = Math.min(chunk.length, at + 1 + Math.floor(Math.random() * 700))
    yield chunk.subarray(at, end)
    at = end
  }
}

async function pump (muxer, socket) {
  for await (const list of muxer.source) {
    for (const piece of pieces(list instanceof Uint8Array ? list : list.subarray())) {
      if (!socket.write(piece)) await new Promise((resolve) => { socket.once('drain', resolve); socket.once('close', resolve) })
    }
  }
  socket.end()
}

async function echo (stream) {
  if (!options.late) return await stream.sink(stream.source)
  const all = []
  for await (const list of stream.source) all.push(list.subarray())
  await stream.sink(all)
}

// The hash of what was sent is that of what comes back.
async function own (stream, reset) {
  const sent = createHash('sha256')
  const got = createHash('sha256')
  let received = 0
  const block = randomBytes(64 * 1024)
  const content = (function * () {
    for (let left = bytes; left > 0;) {
      const piece = block.subarray(0, Math.min(left, block.length))
      sent.update(piece)
      left -= piece.length
      yield piece
    }
  })()
  const sending = stream.sink(content)
  if (reset) sending.catch(() => {})
  for await (const list of stream.source) {
    got.update(list.subarray())
    received += list.length
    if (reset && received > 0) return stream.abort(new Error('given up half-way'))
  }
  await sending
  if (received !== bytes || sent.digest('hex') !== got.digest('hex')) throw new Error(`the echo is not what was sent: ${received} of ${bytes} bytes`)
}

const socket = await connected()
socket.setNoDelay(true)
socket.on('error', () => {})
const muxer = yamux({ enableKeepAlive: false })({ logger: defaultLogger() }).createStreamMuxer({
  direction: options.role === 'client' ? 'outbound' : 'inbound',
  onIncomingStream: (stream) => { echo(stream).catch(() => {}) }
})
const writing = pump(muxer, socket).catch((error) => fail('writing', error))
const reading = muxer.sink(socket).catch((error) => fail('reading', error))

if (count > 0) { // otherwise the other side may be done before an answer
  await muxer.ping().catch((error) => fail('ping', error))
  const work = []
  for (let i = 0; i < count; ++i) {
    const stream = await muxer.newStream()
    work.push(own(stream, options.scenario === 'reset' && i % 2 === 0).catch((error) => fail(`stream ${stream.id}`, error)))
  }
  await Promise.all(work)
  await muxer.close()
}
await Promise.all([writing, reading])
process.exit(0)
