import NIOCore
import NIOHTTP1

/// Writes the answers of one connection of a ``TestServer``.
final class ReplyWriter: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let behaviour: TestServer.Behaviour
    private let log: RequestLog
    private var request: TestServer.Request?

    init(behaviour: @escaping TestServer.Behaviour, log: RequestLog) {
        self.behaviour = behaviour
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): request = log.add(head)
        case .body: break
        case .end:
            guard let request else { return }
            write(behaviour(request), isHead: request.method == "HEAD", context: context)
        }
    }

    private func write(_ reply: TestServer.Reply, isHead: Bool, context: ChannelHandlerContext) {
        var head = HTTPResponseHead(
            version: reply.isLengthHidden ? .http1_0 : .http1_1,
            status: HTTPResponseStatus(statusCode: reply.status))
        for (name, value) in reply.headers { head.headers.add(name: name, value: value) }
        if !reply.isLengthHidden {
            head.headers.replaceOrAdd(name: "Content-Length", value: "\(reply.body.count)")
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if isHead {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        } else if let pause = reply.pause {
            writeSlowly(reply.body[...], pause: pause, context: context)
        } else {
            writeBody(reply, context: context)
        }
    }

    private func writeBody(_ reply: TestServer.Reply, context: ChannelHandlerContext) {
        let sent = reply.body.prefix(reply.cut ?? reply.stall ?? .max)
        let buffer = context.channel.allocator.buffer(bytes: sent)
        let written = context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))))
        if reply.stall != nil { return }
        if reply.cut != nil || reply.isLengthHidden {
            let channel = context.channel
            // The client drops what it has not yet handed on when the end overtakes it.
            written.whenComplete { _ in
                channel.eventLoop.scheduleTask(in: .milliseconds(80)) {
                    channel.close(promise: nil)
                }
            }
        } else {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }

    private func writeSlowly(
        _ rest: ArraySlice<UInt8>, pause: TimeAmount, context: ChannelHandlerContext
    ) {
        guard !rest.isEmpty else {
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            return
        }
        let buffer = context.channel.allocator.buffer(bytes: rest.prefix(1000))
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: pause) {
            let (writer, context) = bound.value
            guard context.channel.isActive else { return }
            writer.writeSlowly(rest.dropFirst(1000), pause: pause, context: context)
        }
    }
}
