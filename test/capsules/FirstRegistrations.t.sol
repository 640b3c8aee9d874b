// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../../contracts/capsules/ICapsuleRegistry.sol";
import {IFirstRegistrations} from "../../contracts/capsules/IFirstRegistrations.sol";
import {IManifests} from "../../contracts/capsules/IManifests.sol";
import {Test} from "../utils/Test.sol";

contract FirstRegistrationsTest is Test {
    bytes32 private constant CONTENT = keccak256("content");
    bytes32 private constant SALT = keccak256("salt");
    uint256 private constant OWNERS = 3;

    ICapsuleRegistry private _capsules;
    IFirstRegistrations private _origins;

    /// @dev Times of the model: of each owner's commitment, and of the earliest proven registration.
    uint40[OWNERS] private _committedAt;
    uint64[OWNERS] private _capsuleOf;
    IFirstRegistrations.FirstRegistration private _first;

    function setUp() public {
        _capsules = ICapsuleRegistry(
            deploy("contracts/capsules/CapsuleRegistry.sol:CapsuleRegistry", abi.encode(address(this)))
        );
        _origins = IFirstRegistrations(address(_capsules));
    }

    /// @dev Each byte is a step: who, what, and how much later.
    function testFuzz_TheFirstRegistrationIsTheEarliestProvenTime(bytes32 steps) public {
        uint256 time = block.timestamp;
        for (uint256 i; i < 32; ++i) {
            uint256 step = uint8(steps[i]);
            time += (step >> 5) & 3;
            VM.warp(time);
            uint256 owner = step % OWNERS;
            uint256 action = (step / OWNERS) % 3;
            if (action == 0) _commit(owner);
            else if (action == 1) _publish(owner);
            else _reveal(owner);
            _checkFirst();
        }
    }

    function _commit(uint256 owner) private {
        uint40 time = _origins.commit(_origins.commitmentOf(_account(owner), CONTENT, SALT));
        if (_committedAt[owner] == 0) _committedAt[owner] = uint40(block.timestamp);
        check(time == _committedAt[owner], "A commitment keeps its first time");
    }

    function _publish(uint256 owner) private {
        address account = _account(owner);
        uint32 version = 1;
        if (_capsuleOf[owner] == 0) {
            ICapsuleRegistry.Registration memory registration;
            registration.contentHash = CONTENT;
            _capsuleOf[owner] = _capsules.register(account, registration);
        } else {
            VM.prank(account);
            version = _capsules.publishVersion(_capsuleOf[owner], CONTENT, "");
        }
        if (_first.time == 0)
            _first = IFirstRegistrations.FirstRegistration(
                _capsuleOf[owner],
                version,
                uint40(block.timestamp)
            );
    }

    function _reveal(uint256 owner) private {
        uint64 capsuleId = _capsuleOf[owner];
        if (capsuleId == 0) return;
        address account = _account(owner);
        uint40 time = _committedAt[owner];
        bytes memory refusal =
            time == 0
                ? abi.encodeWithSelector(
                    IFirstRegistrations.CommitmentNonexistent.selector,
                    _origins.commitmentOf(account, CONTENT, SALT)
                )
                : time >= _first.time
                    ? abi.encodeWithSelector(
                        IFirstRegistrations.CommitmentNotEarlier.selector,
                        CONTENT,
                        time,
                        _first.time
                    )
                    : bytes("");
        bytes memory data = abi.encodeCall(_origins.reveal, (capsuleId, 1, SALT));
        if (callAs(account, address(_origins), data, refusal, "Only an earlier commitment is revealed"))
            _first = IFirstRegistrations.FirstRegistration(capsuleId, 1, time);
    }

    function _checkFirst() private view {
        if (_first.time == 0) return;
        IFirstRegistrations.FirstRegistration memory found = _origins.firstRegistered(CONTENT);
        check(
            found.capsuleId == _first.capsuleId &&
                found.version == _first.version &&
                found.time == _first.time,
            "The first registration has the earliest proven time"
        );
    }

    function _account(uint256 owner) private pure returns (address) {
        return address(uint160(0xa11ce + owner));
    }

    function testFuzz_OnlyThePiecesOfAManifestAreInIt(
        IManifests.Piece memory piece,
        IManifests.Piece memory other,
        bytes32 sibling,
        bytes32 next
    ) public {
        VM.assume(keccak256(abi.encode(piece)) != keccak256(abi.encode(other)));
        ICapsuleRegistry.Registration memory registration;
        registration.contentHash = CONTENT;
        _capsules.register(address(this), registration);
        IManifests manifests = IManifests(address(_capsules));
        bytes32[] memory proof = new bytes32[](2);
        (proof[0], proof[1]) = (sibling, next);
        manifests.publishManifest(1, 1, _pair(_pair(_leafOf(piece), sibling), next), "");

        check(manifests.inManifest(1, 1, piece, proof), "A piece is in its manifest");
        check(!manifests.inManifest(1, 1, other, proof), "Another piece is not");
        check(!manifests.inManifest(1, 1, piece, new bytes32[](0)), "A piece needs its proof");
    }

    function _leafOf(IManifests.Piece memory piece) private pure returns (bytes32) {
        bytes memory fields = abi.encode(
            piece.path,
            piece.contentHash,
            piece.size,
            piece.capsuleId,
            piece.version
        );
        return keccak256(abi.encode(keccak256(fields)));
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }
}
