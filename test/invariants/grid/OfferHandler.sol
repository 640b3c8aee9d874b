// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITermsRegistry} from "../../../contracts/licenses/ITermsRegistry.sol";
import {CapsuleHandler} from "./CapsuleHandler.sol";
import {IToken} from "../../utils/Contracts.sol";

/// @notice Owners of capsules create and retire offers.
abstract contract OfferHandler is CapsuleHandler {
    uint256 private constant MAX_OFFERS = 120;
    uint256 internal constant MAX_OFFERS_FOR_SALE = 6;

    constructor() {
        _add(OfferHandler.createOffer.selector, 1);
        _add(OfferHandler.retireOffer.selector, 1);
        _expect("createOffer", 5);
        _expect("retireOffer", 5);
        for (uint8 i; i < 4; ++i) _createOffer(uint256(keccak256(abi.encode("offer", i))));
    }

    function createOffer(uint256 seed) external warped {
        _createOffer(seed);
    }

    function _createOffer(uint256 seed) private {
        if (_offers.length == MAX_OFFERS || _offersForSale() == MAX_OFFERS_FOR_SALE) return;
        uint256 dice = _roll(seed, 0);
        uint64 id = _capsule(dice);
        uint8 kind = uint8((dice >> 16) % 3);
        uint96 price = _price(dice >> 128, (dice >> 24) % 8);
        uint32 meterId = uint32(1 + ((dice >> 32) % 2));
        IToken token = (dice >> 40) % 2 == 0 ? usd : otherUsd;
        address application = [address(0), APPLICATION, _people[2], address(router)][(dice >> 48) % 4];
        bool isPrivate = (dice >> 56) % 3 == 0;
        VM.prank(_ownerOf(id));
        terms.createOffer(
            id,
            _termsIds[kind],
            ITermsRegistry.OfferParams(
                address(ledger),
                meterId,
                address(token),
                price,
                uint16((dice >> 64) % 3),
                application,
                isPrivate ? ITermsRegistry.Mode.Private : ITermsRegistry.Mode.Open
            )
        );
        OfferModel storage offer = _offers.push();
        (offer.capsuleId, offer.meterId, offer.token, offer.price) = (id, meterId, token, price);
        (offer.terms, offer.application, offer.isPrivate) = (kind, application, isPrivate);
        offer.sector = uint16((dice >> 64) % 3);
        _did("createOffer");
    }

    /// @dev Free, fractions of a base unit for a unit, usual prices, and the highest.
    function _price(uint256 dice, uint256 kind) private pure returns (uint96) {
        uint256 fraction = bound(dice, 1, MILLION - 1);
        uint256 usual = bound(dice, 1, 10 ** 12);
        return
            uint96([0, 1, fraction, 7 * MILLION, usual, type(uint96).max, 333_333, 25 * MILLION - 1][kind]);
    }

    function retireOffer(uint256 seed) external warped {
        uint64 offerId = _offer(seed);
        // A retired offer sells nothing, so some offers must stay.
        if (_offersForSale() <= MAX_OFFERS_FOR_SALE / 2) return;
        _retire(offerId);
    }

    function _offersForSale() internal view returns (uint256 number) {
        for (uint256 i; i < _offers.length; ++i) if (!_offers[i].retired) ++number;
    }

    function _retire(uint64 offerId) internal {
        VM.prank(_ownerOf(_offers[offerId - 1].capsuleId));
        terms.retireOffer(offerId);
        _offers[offerId - 1].retired = true;
        _did("retireOffer");
    }

    /// @dev An offer for sale, or 0.
    function _offer(uint256 seed) internal view returns (uint64) {
        for (uint256 i; i < _offers.length; ++i) {
            uint256 index = ((seed % 1_000) + i) % _offers.length;
            if (!_offers[index].retired) return uint64(index) + 1;
        }
        return 0;
    }
}
